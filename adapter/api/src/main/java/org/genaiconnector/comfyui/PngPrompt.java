package org.genaiconnector.comfyui;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;

/**
 * The text {@code prompt} of a PNG, in which ComfyUI keeps the workflow that made the picture. It is in a chunk {@code tEXt}
 * (what {@code SaveImage} writes), {@code iTXt} or {@code zTXt} (other tools), or {@code comf} (animated PNG of ComfyUI).
 */
final class PngPrompt {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    private static final String KEYWORD = "prompt";
    private static final int MAX_KEYWORD = 79;
    private static final int MAX_NAMED = 10;

    /** Of one text, unpacked; workflows with pictures in them have tens of megabytes. */
    static final int MAX_BYTES = 64 * 1024 * 1024;

    private final DataInputStream in;
    private final Set<String> others = new LinkedHashSet<>();

    private PngPrompt(InputStream in) {
        this.in = new DataInputStream(new BufferedInputStream(in));
    }

    /** Reads no further than to the text. */
    static String read(InputStream picture) throws WorkflowRejectedException, IOException {
        try {
            return new PngPrompt(picture).read();
        } catch (EOFException e) {
            throw new WorkflowRejectedException(
                    "The picture ends before a workflow is found in it: it is cut off", Map.of(), null, e);
        }
    }

    private String read() throws WorkflowRejectedException, IOException {
        if (!Arrays.equals(in.readNBytes(SIGNATURE.length), SIGNATURE)) {
            throw refused("is no PNG, and only PNG is read");
        }
        while (true) {
            long length = Integer.toUnsignedLong(in.readInt());
            byte[] name = new byte[4];
            in.readFully(name);
            String type = new String(name, StandardCharsets.ISO_8859_1);
            if (length > Integer.MAX_VALUE || !type.matches("[A-Za-z]{4}")) {
                throw refused("is damaged: what should be the head of a chunk is none");
            }
            switch (type) {
                case "IEND" -> throw without();
                case "tEXt", "zTXt", "iTXt", "comf" -> {
                    byte[] prompt = prompt(type, name, (int) length);
                    if (prompt != null) {
                        return decoded(prompt);
                    }
                }
                default -> in.skipNBytes(length + Integer.BYTES);
            }
        }
    }

    /** The text, if the chunk is the one. */
    private byte[] prompt(String type, byte[] name, int length) throws WorkflowRejectedException, IOException {
        if (length > MAX_BYTES) {
            throw tooLarge();
        }
        byte[] data = in.readNBytes(length); // grows with what really comes
        if (data.length < length) {
            throw new EOFException();
        }
        int checksum = in.readInt();
        int end = indexOfZero(data, 0);
        String keyword = new String(data, 0, Math.min(end, MAX_KEYWORD), StandardCharsets.ISO_8859_1);
        if (!keyword.equals(KEYWORD)) {
            if (others.size() < MAX_NAMED) {
                others.add(keyword);
            }
            return null;
        }
        CRC32 real = new CRC32();
        real.update(name);
        real.update(data);
        if ((int) real.getValue() != checksum) {
            throw refused("is damaged: the checksum of its workflow is wrong");
        }
        return switch (type) {
            case "zTXt" -> inflated(data, end + 2);
            case "iTXt" -> international(data, end + 1);
            default -> Arrays.copyOfRange(data, Math.min(end + 1, length), length);
        };
    }

    /** Flag, method, language, translated keyword, text. */
    private static byte[] international(byte[] data, int start) throws WorkflowRejectedException, IOException {
        int language = start + 2;
        int text = indexOfZero(data, indexOfZero(data, language) + 1) + 1;
        if (text > data.length) {
            throw refused("is damaged: its workflow has no text");
        }
        return data[start] == 1 ? inflated(data, text) : Arrays.copyOfRange(data, text, data.length);
    }

    private static int indexOfZero(byte[] data, int from) {
        int at = from;
        while (at < data.length && data[at] != 0) {
            at++;
        }
        return at;
    }

    private static byte[] inflated(byte[] data, int start) throws WorkflowRejectedException, IOException {
        int from = Math.min(start, data.length);
        try (InputStream unpacked = new InflaterInputStream(new ByteArrayInputStream(data, from, data.length - from))) {
            byte[] text = unpacked.readNBytes(MAX_BYTES + 1);
            if (text.length > MAX_BYTES) {
                throw tooLarge();
            }
            return text;
        } catch (ZipException | EOFException e) {
            throw new WorkflowRejectedException(
                    "The picture is damaged: its workflow cannot be unpacked: " + e.getMessage(), Map.of(), null, e);
        }
    }

    /** Latin-1 by the standard of {@code tEXt}, though many tools write UTF-8; ComfyUI itself writes ASCII. */
    private static String decoded(byte[] text) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(text))
                    .toString();
        } catch (CharacterCodingException notUtf8) {
            return new String(text, StandardCharsets.ISO_8859_1);
        }
    }

    private WorkflowRejectedException without() {
        String advice = others.contains("workflow")
                ? ". It has one in UI format, which cannot be run: open the picture in ComfyUI's page and use \"Export (API)\""
                : others.isEmpty()
                        ? ""
                        : ". It has the texts "
                                + String.join(
                                        ", ",
                                        others.stream().map(FileNames::shown).toList());
        return refused(
                "has no workflow in it: no text \"prompt\", as ComfyUI writes it unless metadata are switched off"
                        + advice);
    }

    private static WorkflowRejectedException tooLarge() {
        return refused("has a text of more than " + MAX_BYTES + " bytes in it, which is not read");
    }

    private static WorkflowRejectedException refused(String why) {
        return new WorkflowRejectedException("The picture " + why, Map.of());
    }
}
