package org.genaiconnector.testkit.comfyui;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Writes lossless WebP in its plainest form: every pixel literally, with codes of equal length for the values that
 * occur. Any viewer reads it; that it is larger than need be does not matter here.
 */
final class WebP {
    private static final int SIGNATURE = 0x2f;
    private static final int GREEN_ALPHABET = 256 + 24;
    private static final int[] SHIFTS = {8, 16, 0, 24};

    /** The order in which the lengths of the length codes are written. */
    private static final int[] LENGTH_ORDER = {17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private int held;
    private int heldBits;

    private WebP() {}

    static byte[] encode(BufferedImage image) {
        WebP webp = new WebP();
        webp.write(image);
        byte[] data = webp.out.toByteArray();
        int padded = data.length + (data.length & 1);
        return ByteBuffer.allocate(20 + padded)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put("RIFF".getBytes(StandardCharsets.US_ASCII))
                .putInt(12 + padded)
                .put("WEBPVP8L".getBytes(StandardCharsets.US_ASCII))
                .putInt(data.length)
                .put(data)
                .array();
    }

    private void write(BufferedImage image) {
        int width = image.getWidth();
        int[] pixels = image.getRGB(0, 0, width, image.getHeight(), null, 0, width);
        bits(SIGNATURE, 8);
        bits(width - 1, 14);
        bits(image.getHeight() - 1, 14);
        bits(image.getColorModel().hasAlpha() ? 1 : 0, 1);
        bits(0, 3); // version
        bits(0, 1); // no transforms
        bits(0, 1); // no colour cache
        bits(0, 1); // one set of codes for the whole picture
        Code[] codes = new Code[SHIFTS.length];
        for (int channel = 0; channel < SHIFTS.length; channel++) {
            codes[channel] = Code.of(pixels, SHIFTS[channel]);
            describe(codes[channel], channel == 0 ? GREEN_ALPHABET : 256);
        }
        simple(0); // no distances
        for (int pixel : pixels) {
            for (int channel = 0; channel < SHIFTS.length; channel++) {
                Code code = codes[channel];
                bits(code.bits()[pixel >>> SHIFTS[channel] & 0xff], code.length());
            }
        }
        bits(0, 7); // to the next byte
    }

    /**
     * The codes for the values of one channel.
     *
     * @param used the values that have a code, in order; as many as the length permits, so that the code tree has no
     *     loose ends
     * @param length bits per code; none if there is only one value
     * @param bits the code of each value, in the order of sending
     */
    private record Code(int[] used, int length, int[] bits) {

        static Code of(int[] pixels, int shift) {
            boolean[] seen = new boolean[256];
            int count = 0;
            for (int pixel : pixels) {
                int value = pixel >>> shift & 0xff;
                count += seen[value] ? 0 : 1;
                seen[value] = true;
            }
            int length = count == 1 ? 0 : 32 - Integer.numberOfLeadingZeros(count - 1);
            for (int filler = 0; count < 1 << length; filler++) {
                count += seen[filler] ? 0 : 1;
                seen[filler] = true;
            }
            int[] used = IntStream.range(0, 256).filter(value -> seen[value]).toArray();
            int[] bits = new int[256];
            for (int i = 0; i < used.length && length > 0; i++) {
                bits[used[i]] = Integer.reverse(i) >>> 32 - length;
            }
            return new Code(used, length, bits);
        }
    }

    private void describe(Code code, int alphabet) {
        if (code.length() == 0) {
            simple(code.used()[0]);
            return;
        }
        bits(0, 1); // not a simple code
        bits(LENGTH_ORDER.length - 4, 4);
        for (int length : LENGTH_ORDER) {
            bits(length == 0 || length == code.length() ? 1 : 0, 3);
        }
        bits(0, 1); // a length for every symbol of the alphabet follows
        for (int symbol = 0; symbol < alphabet; symbol++) {
            bits(Arrays.binarySearch(code.used(), symbol) >= 0 ? 1 : 0, 1);
        }
    }

    /** A code of one symbol, which takes no bits. */
    private void simple(int symbol) {
        bits(1, 1);
        bits(0, 1); // one symbol
        bits(1, 1); // of eight bits
        bits(symbol, 8);
    }

    private void bits(int value, int count) {
        for (int i = 0; i < count; i++) {
            held |= (value >>> i & 1) << heldBits++;
            if (heldBits == 8) {
                out.write(held);
                held = 0;
                heldBits = 0;
            }
        }
    }
}
