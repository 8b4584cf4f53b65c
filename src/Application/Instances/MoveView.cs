namespace FollowUp.Application.Instances;

/// <summary>What a policy would do with the instances at one step.</summary>
/// <param name="Version">The version that they are on.</param>
/// <param name="From">The index of their current step.</param>
/// <param name="FromId">The id of that step.</param>
/// <param name="To">The index of the step that they would continue with; null when they would stay or end.</param>
/// <param name="ToId">The id of that step; also null for a new step that gets its id when it is published.</param>
/// <param name="Ends">Whether no steps would remain for them.</param>
/// <param name="Reason"><c>sameStep</c>, <c>mapped</c>, <c>nextSurviving</c>, <c>samePlace</c> or <c>alreadyHad</c> for those that move, <c>stays</c>, <c>shapeDiffers</c> or <c>inDoubt</c> for those that stay.</param>
/// <param name="Instances">The number of instances.</param>
public sealed record MoveView(
    int Version,
    int From,
    string FromId,
    int? To,
    string? ToId,
    bool Ends,
    [property: OneOf(typeof(StepMoveReason), "inDoubt")] string Reason,
    int Instances
);
