namespace FollowUp.Application.Scheduling;

/// <summary>Reads iCalendar files (RFC 5545).</summary>
public interface IIcsReader
{
    /// <summary>Reads the days that a file's events cover; recurring events from the current year to ten years ahead.</summary>
    /// <param name="text">The file.</param>
    /// <param name="options">The events to include and the time zone.</param>
    /// <param name="today">The current date.</param>
    /// <returns>The days; or an error with the line.</returns>
    Result<CalendarFile> Read(string text, CalendarFileOptions options, DateOnly today, CancellationToken cancellationToken);
}
