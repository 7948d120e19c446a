/**
 * A simulated Comfy Cloud: the Comfy API v2 in front of a simulated ComfyUI that runs the workflows, and storage of another origin
 * that files are downloaded from.
 *
 * <p>Source of all facts is the vendor's description of the API, {@code https://docs.comfy.org/openapi-v2.yaml} of August 2026. A test
 * holds the answers against it. Nobody has compared the simulator with the service.
 */
package org.genaiconnector.testkit.cloud;
