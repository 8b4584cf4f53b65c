namespace FollowUp.Application.Preview;

/// <summary>What a preview takes for granted. Without assumptions every step succeeds when it is due.</summary>
/// <param name="Variant">The variant that the person gets, in each step that has one of that name; absent: the one with the greatest weight.</param>
/// <param name="Pauses">Pauses, each before a step.</param>
/// <param name="Skipped">The indexes of steps that are not sent.</param>
public sealed record PreviewAssumptions(string? Variant, IReadOnlyList<PauseAssumption?>? Pauses, IReadOnlyList<int>? Skipped);
