using System.ComponentModel.DataAnnotations;

namespace FollowUp.Application.Instances;

/// <summary>An action and the instances to perform it on.</summary>
public sealed record InstanceActionInput
{
    /// <summary><c>pause</c>, <c>resume</c>, <c>stop</c>, <c>retry</c>, <c>skip</c> or <c>resolve</c>.</summary>
    [OneOf(typeof(InstanceActionKind))]
    [Required]
    public string? Action { get; init; }

    /// <summary>The instances that match a filter. Exactly one of this and <c>ids</c>.</summary>
    public InstanceFilter? Filter { get; init; }

    /// <summary>The ids of the instances. Exactly one of this and <c>filter</c>.</summary>
    public IReadOnlyList<Guid>? Ids { get; init; }

    /// <summary>For <c>resume</c>: <c>shift</c> (default), <c>keep</c> or <c>restart</c>.</summary>
    [OneOf(typeof(ResumeTiming))]
    public string? Timing { get; init; }

    /// <summary>For <c>stop</c>: the reason; required.</summary>
    [OneOf(typeof(StopReason))]
    public string? Reason { get; init; }

    /// <summary>For <c>resolve</c>: <c>sent</c> or <c>resend</c>; required.</summary>
    [OneOf(typeof(Resolution))]
    public string? Outcome { get; init; }

    /// <summary>Whether to count only and change nothing.</summary>
    public bool? DryRun { get; init; }

    internal InstanceAction ToAction() =>
        new(
            EnumNames.ReadOrDefault<InstanceActionKind>(Action),
            EnumNames.ReadOrDefault<ResumeTiming>(Timing),
            EnumNames.ReadOrDefault<StopReason>(Reason),
            EnumNames.ReadOrDefault<Resolution>(Outcome)
        );
}
