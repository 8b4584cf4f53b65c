namespace FollowUp.Application.Sequences;

/// <summary>What publishing steps would do.</summary>
/// <param name="Version">The number of the version that there would be; the current one's when nothing would be published.</param>
/// <param name="Publishes">Whether the steps differ from the current ones, so that a version would be published.</param>
/// <param name="Changes">The difference from the current steps: the new ones in order, then those that are gone.</param>
/// <param name="Running">Where the running instances stand.</param>
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
    /// <summary>How many rows <see cref="Running"/> leaves out: it has at most 1,000, of the oldest versions.</summary>
    public int RunningOmitted { get; init; }

    /// <summary>Whether more than 100,000 instances are running: then all numbers of the plan count the first 100,001 that were found.</summary>
    public bool Partial { get; init; }
}

/// <summary>What becomes of one step.</summary>
/// <param name="Id">The step's id; null for a new one that gets its id when it is published.</param>
/// <param name="Type"><c>EMAIL</c>, <c>SMS</c> or <c>WAIT</c>.</param>
/// <param name="Change"><c>unchanged</c>, <c>edited</c>, <c>moved</c>, <c>added</c> or <c>removed</c>.</param>
/// <param name="From">Where it stands in the current version.</param>
/// <param name="To">Where it would stand.</param>
/// <param name="Fields">The fields that say something else; of a moved step too.</param>
public sealed record StepChangeView(string? Id, string Type, string Change, int? From, int? To, IReadOnlyList<string> Fields);

/// <summary>How many running instances stand at one step.</summary>
/// <param name="Version">The version that they are on.</param>
/// <param name="Step">The step that comes next for them.</param>
/// <param name="StepId">Its id.</param>
/// <param name="Type">What it does.</param>
/// <param name="Active">How many are ACTIVE.</param>
/// <param name="Paused">How many are PAUSED.</param>
/// <param name="Failed">How many have FAILED at it.</param>
/// <param name="BeingSent">How many of them have it carried out at this moment: they are moved behind it.</param>
public sealed record RunningView(int Version, int Step, string StepId, string Type, int Active, int Paused, int Failed, int BeingSent);

/// <summary>What a policy would do.</summary>
/// <param name="Moving">How many instances would move.</param>
/// <param name="Ending">How many of them would have nothing left to do and be COMPLETED.</param>
/// <param name="Staying">How many would stay on their versions.</param>
/// <param name="Moves">Where they would go.</param>
public sealed record PolicyView(int Moving, int Ending, int Staying, IReadOnlyList<MoveView> Moves)
{
    /// <summary>How many rows <see cref="Moves"/> leaves out: it has at most 1,000, of the oldest versions. The sums count all instances.</summary>
    public int Omitted { get; init; }
}

/// <summary>What a policy would do with the instances at one step.</summary>
/// <param name="Version">The version that they are on.</param>
/// <param name="From">The step that comes next for them.</param>
/// <param name="FromId">Its id.</param>
/// <param name="To">The step that they would go to; null when they would stay or end.</param>
/// <param name="ToId">Its id; null too for a new step that gets its id when it is published.</param>
/// <param name="Ends">Whether nothing would be left for them.</param>
/// <param name="Reason"><c>sameStep</c>, <c>mapped</c>, <c>nextSurviving</c>, <c>samePlace</c> or <c>alreadyHad</c> for those that move, <c>stays</c>, <c>shapeDiffers</c> or <c>inDoubt</c> for those that stay.</param>
/// <param name="Instances">How many there are.</param>
public sealed record MoveView(int Version, int From, string FromId, int? To, string? ToId, bool Ends, string Reason, int Instances);
