namespace FollowUp.Application;

/// <summary>Functions of PostgreSQL for queries.</summary>
public static class SqlText
{
    /// <summary>The bytes of a text. The database knows them without reading a text that is stored apart from its row.</summary>
    /// <param name="text">A column.</param>
    /// <returns>The bytes; null for null.</returns>
    public static int? Bytes(string? text) => throw new NotSupportedException($"Only a query can ask for the bytes of {text}.");

    /// <summary>A text in lower case by the rules of the database, which its indexes follow too.</summary>
    /// <param name="text">A column or a parameter.</param>
    /// <returns>The text; null for null.</returns>
    public static string? Lower(string? text) => throw new NotSupportedException($"Only a query can ask for {text} in lower case.");
}
