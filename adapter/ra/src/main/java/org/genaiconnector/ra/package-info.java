/**
 * The resource adapter itself: its life cycle, and who owns what.
 *
 * <p>Packages below import only what stands before them in this list: {@code util}, {@code json}, {@code messages}, {@code http},
 * {@code statistics}, {@code connection}, {@code comfyui} and {@code llm} (which do not know each other), {@code inflow}.
 */
package org.genaiconnector.ra;
