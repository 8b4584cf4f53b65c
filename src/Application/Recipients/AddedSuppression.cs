namespace FollowUp.Application.Recipients;

/// <summary>A suppression, and whether it is new.</summary>
/// <param name="IsNew">False when the address was already suppressed.</param>
public sealed record AddedSuppression(SuppressionView Suppression, bool IsNew);
