namespace FollowUp.Application.Preview;

/// <summary>The effect of a change on waiting steps. Nothing is changed.</summary>
/// <param name="Affected">The number of waiting steps that it moves, releases or holds back.</param>
/// <param name="Earlier">How many of them would be due earlier.</param>
/// <param name="Later">How many of them would be due later.</param>
/// <param name="Estimated">
/// Whether the numbers are extrapolated from a sample, because there are more waiting steps than one request examines.
/// </param>
/// <param name="Examples">At most ten examples.</param>
public sealed record ChangePreview(int Affected, int Earlier, int Later, bool Estimated, IReadOnlyList<ChangeExample> Examples);
