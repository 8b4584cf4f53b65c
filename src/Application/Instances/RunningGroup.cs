using FollowUp.Domain.Instances;
using FollowUp.Domain.Sequences;
using FollowUp.Domain.Shared;

namespace FollowUp.Application.Instances;

/// <summary>How many running instances of a sequence stand alike: at one step of one version, in one state, having had the same.</summary>
/// <param name="Version">The version's number.</param>
/// <param name="At">The step that comes next for them.</param>
/// <param name="Status">ACTIVE, PAUSED or FAILED.</param>
/// <param name="JobState">Where the step's job stands; null for a FAILED instance, which has none.</param>
/// <param name="Had">What they have had, as (version, step); null when they never changed their version, and so have had all steps before this one.</param>
/// <param name="Count">How many there are.</param>
public sealed record RunningGroup(
    int Version,
    StepIndex At,
    InstanceStatus Status,
    JobState? JobState,
    IReadOnlyList<(int Version, int Step)>? Had,
    int Count
);
