package org.genaiconnector.comfyui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Workflows out of pictures, as ComfyUI and other tools write them, and pictures that have none. */
class WorkflowFromPngTest {
    private static final String PROMPT =
            "{\"1\": {\"class_type\": \"A\", \"inputs\": {\"text\": \"%s\"}, \"is_changed\": [NaN]}}";
    private static final byte[] HEAD = chunk("IHDR", new byte[13]);
    private static final byte[] END = chunk("IEND", new byte[0]);

    private static byte[] chunk(String type, byte[]... parts) {
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            data.writeBytes(part);
        }
        CRC32 crc = new CRC32();
        crc.update(latin(type));
        crc.update(data.toByteArray());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (DataOutputStream chunk = new DataOutputStream(out)) {
            chunk.writeInt(data.size());
            chunk.write(latin(type));
            chunk.write(data.toByteArray());
            chunk.writeInt((int) crc.getValue());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return out.toByteArray();
    }

    private static byte[] png(byte[]... chunks) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(latin("\u0089PNG\r\n\u001a\n"));
        for (byte[] chunk : chunks) {
            out.writeBytes(chunk);
        }
        return out.toByteArray();
    }

    private static byte[] latin(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] deflated(byte[] text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (DeflaterOutputStream packed = new DeflaterOutputStream(out)) {
            packed.write(text);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return out.toByteArray();
    }

    private static void assertText(byte[] png, String text) throws Exception {
        Workflow workflow = Workflow.fromPng(png);
        assertThat(workflow.value("1.text")).hasToString('"' + text + '"');
        assertThat(workflow.toJson().getJsonObject("1")).containsOnlyKeys("class_type", "inputs");
    }

    private static void assertRefused(byte[] png, String... words) {
        assertThatThrownBy(() -> Workflow.fromPng(png))
                .isInstanceOf(WorkflowRejectedException.class)
                .message()
                .contains(words)
                .hasSizeLessThan(1_000);
    }

    @Test
    void readsEveryKindOfText() throws Exception {
        byte[] other = chunk("tEXt", latin("workflow\0{}"));
        assertText(png(HEAD, other, chunk("tEXt", latin("prompt\0" + PROMPT.formatted("a"))), END), "a");
        assertText(png(HEAD, chunk("tEXt", latin("prompt\0" + PROMPT.formatted("\u00e9"))), END), "\u00e9");
        assertText(png(HEAD, chunk("tEXt", utf8("prompt\0" + PROMPT.formatted("\u732b"))), END), "\u732b");
        assertText(png(HEAD, chunk("zTXt", latin("prompt\0\0"), deflated(latin(PROMPT.formatted("z")))), END), "z");
        assertText(png(HEAD, chunk("iTXt", utf8("prompt\0\0\0de\0x\0" + PROMPT.formatted("\u732b"))), END), "\u732b");
        assertText(
                png(HEAD, chunk("iTXt", latin("prompt\0\1\0\0\0"), deflated(utf8(PROMPT.formatted("\u732b")))), END),
                "\u732b");
        assertText(png(HEAD, chunk("comf", latin("prompt\0" + PROMPT.formatted("c"))), END), "c");
    }

    @Test
    void readsBehindThePictureFromStreamsAndFiles(@TempDir Path directory) throws Exception {
        byte[] png = png(
                HEAD, chunk("IDAT", new byte[100_000]), chunk("tEXt", latin("prompt\0" + PROMPT.formatted("a"))), END);
        Path file = Files.write(directory.resolve("picture.png"), png);
        InputStream slow = new ByteArrayInputStream(png) {
            @Override
            public synchronized int read(byte[] bytes, int offset, int count) {
                return super.read(bytes, offset, Math.min(count, 7));
            }
        };

        assertThat(Workflow.fromPng(file)).isEqualTo(Workflow.fromPng(png));
        assertThat(Workflow.fromPng(slow)).isEqualTo(Workflow.fromPng(png));
        assertThatThrownBy(() -> Workflow.fromPng(directory.resolve("none.png")))
                .isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void refusesPicturesWithoutAWorkflowSayingWhatTheyHave() {
        assertRefused(png(HEAD, END), "no workflow");
        assertRefused(png(HEAD, chunk("tEXt", latin("workflow\0{}")), END), "UI format", "Export (API)");
        assertRefused(png(HEAD, chunk("tEXt", latin("parameters\0steps")), END), "parameters");
        assertRefused(new byte[0], "no PNG");
        assertRefused(latin("GIF89a"), "no PNG");
        assertRefused(utf8(PROMPT), "no PNG");
    }

    @Test
    void saysWhatIsWrongWithTheWorkflowOfAPicture() {
        assertRefused(png(HEAD, chunk("tEXt", latin("prompt\0{\"1\": {}}")), END), "node 1", "class_type");
        assertRefused(png(HEAD, chunk("tEXt", latin("prompt\0")), END), "not a JSON object");
        assertRefused(png(HEAD, chunk("tEXt", latin("prompt")), END), "not a JSON object");
        assertRefused(png(HEAD, chunk("zTXt", latin("prompt\0\0no zip")), END), "damaged", "unpacked");
        assertRefused(png(HEAD, chunk("zTXt", latin("prompt")), END), "damaged");
        assertRefused(
                png(HEAD, chunk("zTXt", latin("prompt\0\0"), Arrays.copyOf(deflated(new byte[5000]), 9)), END),
                "damaged");
        for (String cut : new String[] {"prompt", "prompt\0", "prompt\0\0", "prompt\0\0\0", "prompt\0\0\0\0"}) {
            assertRefused(png(HEAD, chunk("iTXt", latin(cut)), END), "damaged");
        }
    }

    @Test
    void noticesDamage() {
        byte[] text = chunk("tEXt", latin("prompt\0" + PROMPT.formatted("a")));
        byte[] whole = png(HEAD, text, END);
        int start = whole.length - END.length - text.length;
        byte[] flipped = whole.clone();
        flipped[start + 30] ^= 1;
        assertRefused(flipped, "checksum");
        for (int length = 8; length < whole.length - END.length; length++) {
            assertRefused(Arrays.copyOf(whole, length), "cut off");
        }
        assertRefused(png(HEAD, new byte[100]), "damaged");
        byte[] negative = whole.clone();
        negative[start] = (byte) 0x80;
        assertRefused(negative, "damaged");
        byte[] huge = whole.clone();
        huge[start] = 0x7f;
        assertRefused(huge, "67108864 bytes");
        huge[start] = 0x01;
        assertRefused(huge, "cut off");
    }

    @Test
    void unpacksNoMoreThanItsLimit() {
        byte[] bomb = deflated(new byte[200 * 1024 * 1024]);
        assertTimeoutPreemptively(Duration.ofSeconds(30), () -> {
            assertRefused(png(HEAD, chunk("zTXt", latin("prompt\0\0"), bomb), END), "67108864 bytes");
            assertRefused(png(HEAD, chunk("iTXt", latin("prompt\0\1\0\0\0"), bomb), END), "67108864 bytes");
        });
    }
}
