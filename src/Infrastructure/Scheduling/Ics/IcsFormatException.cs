namespace FollowUp.Infrastructure.Scheduling.Ics;

/// <summary>An iCalendar file that cannot be read. The message continues "line N".</summary>
internal sealed class IcsFormatException(int line, string message) : Exception(message)
{
    public int Line { get; } = line;
}
