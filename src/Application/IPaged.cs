namespace FollowUp.Application;

/// <summary>A list query's window.</summary>
public interface IPaged
{
    /// <summary>The most rows a page, 1 to 200; null means 50.</summary>
    int? Limit { get; }

    /// <summary>Where the page begins, as an earlier page said; null for the first page.</summary>
    string? Cursor { get; }
}
