using FollowUp.Domain.Shared;

namespace FollowUp.Application.Sandbox;

/// <summary>What a sandbox refuses.</summary>
public static class SandboxErrors
{
    /// <summary>Two moves of one clock at once.</summary>
    public static ConflictError Busy => new("sandboxBusy", "The sandbox's clock is being moved by another call; wait for its answer.");
}
