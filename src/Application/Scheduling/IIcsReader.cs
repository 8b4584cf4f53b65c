namespace FollowUp.Application.Scheduling;

internal interface IIcsReader
{
    /// <summary>Reads the days that a file's events cover; recurring events from the current year to ten years ahead.</summary>
    /// <returns>The days; or an error with the line.</returns>
    Result<CalendarFile> Read(string text, CalendarFileOptions options, DateOnly today, CancellationToken cancellationToken);
}
