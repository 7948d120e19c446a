package org.genaiconnector.testkit.comfyui;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** The bits of Python that shine through the protocol: how it prints values and what {@code int("x")} answers. */
final class Python {
    private static final Pattern INTEGER = Pattern.compile("[+-]?\\d+(_\\d+)*");

    private Python() {}

    /** {@code str(value)}. */
    static String str(JsonNode value) {
        return value.isTextual() ? value.textValue() : repr(value);
    }

    /** {@code repr(value)}. */
    static String repr(JsonNode value) {
        StringBuilder out = new StringBuilder();
        repr(value, out);
        return out.toString();
    }

    private static void repr(JsonNode value, StringBuilder out) {
        switch (value.getNodeType()) {
            case OBJECT -> {
                String separator = "{";
                for (Map.Entry<String, JsonNode> member : value.properties()) {
                    out.append(separator).append(quote(member.getKey())).append(": ");
                    repr(member.getValue(), out);
                    separator = ", ";
                }
                out.append(value.isEmpty() ? "{}" : "}");
            }
            case ARRAY -> {
                String separator = "[";
                for (JsonNode element : value) {
                    repr(element, out.append(separator));
                    separator = ", ";
                }
                out.append(value.isEmpty() ? "[]" : "]");
            }
            case STRING -> out.append(quote(value.textValue()));
            case BOOLEAN -> out.append(value.booleanValue() ? "True" : "False");
            case NUMBER -> out.append(value.isFloatingPointNumber() ? repr(value.doubleValue()) : value.asText());
            default -> out.append("None");
        }
    }

    /** {@code repr} of a float: as few digits as needed, an exponent only below 1e-4 and from 1e16. */
    static String repr(double value) {
        if (Double.isNaN(value)) {
            return "nan";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "inf" : "-inf";
        }
        if (value == 0) {
            return 1 / value < 0 ? "-0.0" : "0.0";
        }
        BigDecimal digits = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        int exponent = digits.precision() - digits.scale() - 1;
        if (exponent >= -4 && exponent < 16) {
            return digits.scale() <= 0 ? digits.toBigInteger() + ".0" : digits.toPlainString();
        }
        String mantissa = digits.movePointLeft(exponent).stripTrailingZeros().toPlainString();
        return mantissa + "e" + (exponent < 0 ? "-" : "+") + (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent);
    }

    /** {@code repr} of a str: in single quotes unless it holds one and no double quote. */
    static String quote(String text) {
        char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
        StringBuilder out = new StringBuilder().append(quote);
        text.codePoints().forEach(c -> {
            switch (c) {
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c == quote) {
                        out.append('\\').append(quote);
                    } else if (c < ' ' || c == 0x7f) {
                        out.append(String.format("\\x%02x", c));
                    } else {
                        out.appendCodePoint(c);
                    }
                }
            }
        });
        return out.append(quote).toString();
    }

    /** {@code int(value)}: numbers are cut, texts must be whole numbers. */
    static JsonNode toInt(JsonNode value) throws PythonError {
        if (value.isBoolean()) {
            return IntNode.valueOf(value.booleanValue() ? 1 : 0);
        }
        if (value.isIntegralNumber()) {
            return value;
        }
        if (value.isNumber()) {
            double number = value.doubleValue();
            if (Double.isNaN(number)) {
                throw new PythonError("ValueError", "cannot convert float NaN to integer");
            }
            if (Double.isInfinite(number)) {
                throw new PythonError("OverflowError", "cannot convert float infinity to integer");
            }
            return integer(new BigDecimal(number).toBigInteger());
        }
        if (value.isTextual()) {
            String text = value.textValue().strip();
            if (INTEGER.matcher(text).matches()) {
                return integer(new BigInteger(text.replace("_", "")));
            }
            throw new PythonError("ValueError", "invalid literal for int() with base 10: " + quote(value.textValue()));
        }
        throw new PythonError(
                "TypeError",
                "int() argument must be a string, a bytes-like object or a real number, not '" + typeName(value) + "'");
    }

    private static JsonNode integer(BigInteger value) {
        if (value.bitLength() < 32) {
            return IntNode.valueOf(value.intValue());
        }
        return value.bitLength() < 64 ? LongNode.valueOf(value.longValue()) : BigIntegerNode.valueOf(value);
    }

    /** {@code float(value)}. */
    static JsonNode toFloat(JsonNode value) throws PythonError {
        if (value.isBoolean()) {
            return DoubleNode.valueOf(value.booleanValue() ? 1 : 0);
        }
        if (value.isNumber()) {
            return DoubleNode.valueOf(value.doubleValue());
        }
        if (!value.isTextual()) {
            throw new PythonError(
                    "TypeError", "float() argument must be a string or a real number, not '" + typeName(value) + "'");
        }
        String text = value.textValue().strip();
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "nan", "+nan", "-nan" -> DoubleNode.valueOf(Double.NaN);
            case "inf", "+inf", "infinity", "+infinity" -> DoubleNode.valueOf(Double.POSITIVE_INFINITY);
            case "-inf", "-infinity" -> DoubleNode.valueOf(Double.NEGATIVE_INFINITY);
            default -> decimal(text, value.textValue());
        };
    }

    private static JsonNode decimal(String text, String asWritten) throws PythonError {
        try {
            return DoubleNode.valueOf(new BigDecimal(text).doubleValue());
        } catch (NumberFormatException e) {
            throw new PythonError("ValueError", "could not convert string to float: " + quote(asWritten), e);
        }
    }

    /** {@code str(value)} as a JSON value. */
    static JsonNode toStr(JsonNode value) {
        return TextNode.valueOf(str(value));
    }

    /** {@code bool(value)}: everything but zero and the empty is true. */
    static JsonNode toBool(JsonNode value) {
        return BooleanNode.valueOf(truth(value));
    }

    static boolean truth(JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT, ARRAY -> !value.isEmpty();
            case STRING -> !value.textValue().isEmpty();
            case BOOLEAN -> value.booleanValue();
            case NUMBER -> value.doubleValue() != 0;
            default -> false;
        };
    }

    private static String typeName(JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT -> "dict";
            case ARRAY -> "list";
            case STRING -> "str";
            case BOOLEAN -> "bool";
            case NUMBER -> value.isFloatingPointNumber() ? "float" : "int";
            default -> "NoneType";
        };
    }
}
