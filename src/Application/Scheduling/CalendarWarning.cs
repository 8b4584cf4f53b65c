namespace FollowUp.Application.Scheduling;

/// <summary>Something about a calendar that was accepted but is probably wrong.</summary>
/// <param name="Field"><c>dates</c>, or a line of the file such as <c>line 12</c>.</param>
/// <param name="Code">A stable code: <c>noDateAhead</c>, <c>lastDateSoon</c> or <c>exdateWithoutEffect</c>.</param>
/// <param name="Message">What is wrong, in a sentence.</param>
public sealed record CalendarWarning(string Field, string Code, string Message);
