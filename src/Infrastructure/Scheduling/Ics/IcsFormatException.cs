namespace FollowUp.Infrastructure.Scheduling.Ics;

/// <summary>An iCalendar file is invalid. The message continues a sentence that starts with "line N".</summary>
internal sealed class IcsFormatException(int line, string message) : Exception(message)
{
    public int Line { get; } = line;
}
