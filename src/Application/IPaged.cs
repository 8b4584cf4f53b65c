namespace FollowUp.Application;

/// <summary>The page of a list query.</summary>
public interface IPaged
{
    /// <summary>The maximum number of rows per page, 1 to 200; null means 50.</summary>
    int? Limit { get; }

    /// <summary>The cursor from the previous page; null for the first page.</summary>
    string? Cursor { get; }
}
