namespace FollowUp.Application.Instances;

/// <summary>What a policy would do.</summary>
/// <param name="Moving">The number of instances that would move.</param>
/// <param name="Ending">How many of them would have no steps left and be COMPLETED.</param>
/// <param name="Staying">The number of instances that would stay on their versions.</param>
/// <param name="Moves">Where they would move.</param>
public sealed record PolicyView(int Moving, int Ending, int Staying, IReadOnlyList<MoveView> Moves)
{
    /// <summary>
    /// The number of rows omitted from <c>moves</c>, which has at most 1,000, of the oldest versions. The totals count all
    /// instances.
    /// </summary>
    public int Omitted { get; init; }
}
