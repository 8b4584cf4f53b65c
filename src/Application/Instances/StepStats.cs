namespace FollowUp.Application.Instances;

/// <summary>One step's figures.</summary>
/// <param name="Version">The version whose step it is.</param>
/// <param name="Index">Its place, counted from 0.</param>
/// <param name="Type">EMAIL, SMS or WAIT.</param>
/// <param name="Reached">Instances for which it became the next step.</param>
/// <param name="Counts">What became of them.</param>
/// <param name="MedianSeconds">
/// The median time from the step before it (or the enrolment) to its end, to within 2 %; null when nobody has passed it.
/// </param>
/// <param name="Variants">The same by variant; empty for a step without variants.</param>
public sealed record StepStats(
    int Version,
    int Index,
    string Type,
    long Reached,
    StepCounts Counts,
    double? MedianSeconds,
    IReadOnlyList<VariantStats> Variants
);
