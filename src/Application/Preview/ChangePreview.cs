namespace FollowUp.Application.Preview;

/// <summary>What a change would do to waiting steps. Nothing was changed.</summary>
/// <param name="Affected">How many waiting steps it moves, releases or holds back.</param>
/// <param name="Earlier">How many of them would be due earlier.</param>
/// <param name="Later">How many of them would be due later.</param>
/// <param name="Estimated">Whether the numbers are extrapolated from a sample, because there are more waiting steps than one request looks at.</param>
/// <param name="Examples">At most ten of them.</param>
public sealed record ChangePreview(int Affected, int Earlier, int Later, bool Estimated, IReadOnlyList<ChangeExample> Examples);
