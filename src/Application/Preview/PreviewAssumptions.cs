namespace FollowUp.Application.Preview;

/// <summary>The assumptions of a preview. Without assumptions every step succeeds when it is due.</summary>
/// <param name="Variant">The variant used in each step that has one of that name; if absent, the variant with the largest weight.</param>
/// <param name="Pauses">Pauses, each at a step.</param>
/// <param name="Skipped">The indexes of steps that are not sent.</param>
public sealed record PreviewAssumptions(
    string? Variant = null,
    IReadOnlyList<PauseAssumption?>? Pauses = null,
    IReadOnlyList<int>? Skipped = null
);
