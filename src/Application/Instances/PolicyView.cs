namespace FollowUp.Application.Instances;

/// <summary>What a policy would do.</summary>
/// <param name="Moving">How many instances would move.</param>
/// <param name="Ending">How many of them would have nothing left to do and be COMPLETED.</param>
/// <param name="Staying">How many would stay on their versions.</param>
/// <param name="Moves">Where they would go.</param>
public sealed record PolicyView(int Moving, int Ending, int Staying, IReadOnlyList<MoveView> Moves)
{
    /// <summary>How many rows <see cref="Moves"/> leaves out: it has at most 1,000, of the oldest versions. The sums count all instances.</summary>
    public int Omitted { get; init; }
}
