/**
 * Storyboard's REST API under {@code /api}: one resource class per noun, which reads the request, calls a session bean and
 * returns a record, which JSON-B writes as JSON. Requests are read by hand, because their mistakes are answered with the name of
 * the wrong member. Every failure becomes {@code {"error":{"category","message","details"}}} in one place,
 * {@link org.genaiconnector.storyboard.web.ErrorMapper}.
 */
package org.genaiconnector.storyboard.web;
