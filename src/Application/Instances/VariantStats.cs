namespace FollowUp.Application.Instances;

/// <summary>The statistics of one variant.</summary>
/// <param name="Name">The variant's name.</param>
/// <param name="Counts">The counts of the variant.</param>
public sealed record VariantStats(string Name, StepCounts Counts);
