namespace FollowUp.Application.Instances;

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
