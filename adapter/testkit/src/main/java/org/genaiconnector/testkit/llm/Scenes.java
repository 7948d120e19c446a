package org.genaiconnector.testkit.llm;

import java.util.List;
import java.util.stream.IntStream;

/** Writes scenes of a story: one vivid sentence each, no two alike, each with the idea in its own words. */
final class Scenes {
    private static final List<String> PLACES = List.of(
            "Dawn over a quiet harbour",
            "A narrow street glistening after rain",
            "The edge of an old forest in drifting mist",
            "High above the rooftops at noon",
            "A crowded market ablaze with colour",
            "A lamplit room while a storm rattles the shutters",
            "A stone bridge above roaring white water",
            "A windswept hill under racing clouds",
            "A silent railway platform at midnight",
            "The shore at dusk",
            "A moonlit garden silvered with frost",
            "The last light on a snow-covered summit");
    private static final List<String> LIGHTS = List.of(
            "soft golden light on wet stone",
            "long blue shadows and a single warm window",
            "copper and teal, every surface shimmering",
            "shafts of pale light full of dancing dust",
            "deep crimson sky, black silhouettes",
            "cool silver light, breath hanging in the air",
            "bright washed-out colours like an old postcard");
    /** From the beginning of a story to its end. */
    private static final List<String> MOMENTS = List.of(
            "seen from afar as the adventure begins",
            "caught in the moment before everything changes",
            "racing breathless towards the unknown",
            "face to face with the danger at last",
            "exhausted and triumphant in a burst of light",
            "at peace in the fading glow");

    private Scenes() {}

    static List<String> write(String idea, int count, int variant) {
        int start = Math.floorMod(idea.hashCode() + variant, PLACES.size());
        return IntStream.range(0, count)
                .mapToObj(i -> scene(idea, start + i, i * MOMENTS.size() / count))
                .toList();
    }

    /** Neighbouring numbers differ in the place, numbers a whole round of places apart in the light. */
    private static String scene(String idea, int number, int moment) {
        String place = PLACES.get(number % PLACES.size());
        String light = LIGHTS.get((number + number / PLACES.size()) % LIGHTS.size());
        String subject = idea.isEmpty() ? "a lone figure" : idea;
        return place + ", " + light + ": " + subject + ", " + MOMENTS.get(moment) + ".";
    }
}
