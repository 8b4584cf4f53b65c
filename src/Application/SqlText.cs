namespace FollowUp.Application;

internal static class SqlText
{
    /// <summary>The size of a text in bytes; null for null. The database knows it without reading a text that is stored out of line.</summary>
    public static int? Bytes(string? text) => throw new NotSupportedException($"Only a query can ask for the bytes of {text}.");

    /// <summary>A text in lower case by the rules of the database, which its indexes also use; null for null.</summary>
    public static string? Lower(string? text) => throw new NotSupportedException($"Only a query can ask for {text} in lower case.");
}
