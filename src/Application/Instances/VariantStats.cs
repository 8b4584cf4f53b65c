namespace FollowUp.Application.Instances;

/// <summary>One variant's figures.</summary>
/// <param name="Name">The variant's name.</param>
/// <param name="Counts">What became of those who got it.</param>
public sealed record VariantStats(string Name, StepCounts Counts);
