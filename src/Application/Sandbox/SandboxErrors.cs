namespace FollowUp.Application.Sandbox;

/// <summary>The errors of a sandbox.</summary>
public static class SandboxErrors
{
    /// <summary>Another call is moving the clock.</summary>
    public static Result Busy => Error.Conflict("sandboxBusy", "Another call is moving the sandbox's clock. Wait for its response.");
}
