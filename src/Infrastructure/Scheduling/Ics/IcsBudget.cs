namespace FollowUp.Infrastructure.Scheduling.Ics;

/// <summary>Bounds the work on one file, over all its events and rules, and stops it when the caller disconnects.</summary>
internal sealed class IcsBudget(CancellationToken cancellationToken)
{
    /// <summary>Maximum number of days that rules examine and events cover. Two million take about two seconds.</summary>
    public const int MaxCandidates = 2_000_000;

    private long _left = MaxCandidates;

    public void Spend(long candidates, int line)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _left -= candidates;
        if (_left < 0)
        {
            throw new IcsFormatException(
                line,
                $"begins the event with which the file has more than {MaxCandidates} days to go through; let it begin later or end earlier"
            );
        }
    }
}
