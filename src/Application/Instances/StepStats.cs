namespace FollowUp.Application.Instances;

/// <summary>The statistics of one step.</summary>
/// <param name="Version">The version of the step.</param>
/// <param name="Index">The index, from 0.</param>
/// <param name="Type">EMAIL, SMS or WAIT.</param>
/// <param name="Reached">The number of instances that reached the step.</param>
/// <param name="Counts">The counts of the step.</param>
/// <param name="MedianSeconds">
/// The median time from the previous step (or the enrolment) to its end, within 2 %; null when no instance has passed it.
/// </param>
/// <param name="Variants">The counts by variant; empty for a step without variants.</param>
public sealed record StepStats(
    int Version,
    int Index,
    string Type,
    long Reached,
    StepCounts Counts,
    double? MedianSeconds,
    IReadOnlyList<VariantStats> Variants
);
