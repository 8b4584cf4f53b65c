namespace FollowUp.Application.Instances;

/// <summary>What publishing steps would do.</summary>
/// <param name="Version">The number of the version that would be current.</param>
/// <param name="Publishes">Whether the steps differ from the current ones, so that a version would be published.</param>
/// <param name="Changes">The difference from the current steps: the new steps in order, then the removed ones.</param>
/// <param name="Running">The running instances by version and step.</param>
/// <param name="Stay">What the policy <c>stay</c> would do.</param>
/// <param name="Content">What the policy <c>content</c> would do.</param>
/// <param name="Map">What the policy <c>map</c> would do.</param>
public sealed record PlanView(
    int Version,
    bool Publishes,
    IReadOnlyList<StepChangeView> Changes,
    IReadOnlyList<RunningView> Running,
    PolicyView Stay,
    PolicyView Content,
    PolicyView Map
)
{
    /// <summary>The number of rows omitted from <c>running</c>, which has at most 1,000, of the oldest versions.</summary>
    public int RunningOmitted { get; init; }

    /// <summary>Whether more than 100,000 instances are running: then all numbers of the plan count the first 100,001 found.</summary>
    public bool Partial { get; init; }
}
