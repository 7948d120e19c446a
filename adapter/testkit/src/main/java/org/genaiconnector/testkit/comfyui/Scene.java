package org.genaiconnector.testkit.comfyui;

/**
 * What a sampler was asked to paint. Equal scenes give equal pictures.
 *
 * @param text the words that are wanted; become the caption
 * @param unwanted the words that are not
 */
record Scene(String text, String unwanted, long seed) {}
