/**
 * Storyboard's REST API under {@code /api}: one resource class per noun, which reads the request, calls a session bean and
 * writes JSON. Every failure becomes {@code {"error":{"category","message","details"}}} in one place, {@link
 * org.genaiconnector.storyboard.web.ErrorMapper}.
 */
package org.genaiconnector.storyboard.web;
