using System.Buffers.Text;
using System.Globalization;
using System.Numerics;

namespace FollowUp.Application;

/// <summary>One page of a list.</summary>
/// <param name="Items">The rows.</param>
/// <param name="NextCursor">The cursor of the next page; null on the last page.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor);

internal static class Paging
{
    public const int DefaultLimit = 50;
    public const int MostRows = 200;

    /// <summary>The maximum size of a page's JSON, in bytes. Larger rows are returned one per page.</summary>
    public const long MostBytes = 4 * 1024 * 1024;

    /// <summary>An upper bound for a row's names and short fields.</summary>
    private const long BytesBeside = 2_000;

    public static Result BadCursor => Error.Invalid("cursor", "is not a cursor of this list");

    public static int Rows(this IPaged query) => query.Limit ?? DefaultLimit;

    /// <summary>A cursor names its list, because the ids of another list would be valid but select a wrong page.</summary>
    public static string Cursor(string list, params object[] parts) =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Join('|', [list, .. parts])));

    /// <summary>The parts of a list's cursor; null when it is invalid. The caller parses each part.</summary>
    public static string[]? Parts(string list, string cursor, int count)
    {
        try
        {
            var parts = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor)).Split('|');
            return parts.Length == count + 1 && parts[0] == list ? parts[1..] : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>Reads the id of the last row of the previous page; null for the first page. False for a cursor of another list.</summary>
    public static bool TryReadCursor<TId>(this IPaged query, string list, Func<Guid, TId> id, out TId? last)
        where TId : struct
    {
        var isRead = Guid.TryParse(Part(query, list), out var value);
        last = isRead ? id(value) : null;
        return isRead || query.Cursor is null;
    }

    /// <summary>Reads the number of the last row of the previous page; <paramref name="last"/> stays for the first page.</summary>
    public static bool TryReadCursor<TNumber>(this IPaged query, string list, ref TNumber last)
        where TNumber : struct, INumberBase<TNumber>
    {
        if (query.Cursor is null)
        {
            return true;
        }

        return TNumber.TryParse(Part(query, list), NumberStyles.None, CultureInfo.InvariantCulture, out last);
    }

    private static string? Part(IPaged query, string list) =>
        query.Cursor is { } cursor && Parts(list, cursor, 1) is [var part] ? part : null;

    /// <summary>
    /// A page from one row more than requested, which shows whether there is a next page. It ends before the row that would exceed
    /// <see cref="MostBytes"/>. Each list estimates its rows, so that a field that grows later is not forgotten.
    /// </summary>
    /// <param name="bytes">The size of a row's potentially large fields as JSON, in bytes.</param>
    public static Page<TView> ToPage<TRow, TView>(
        this List<TRow> rows,
        int limit,
        Func<TRow, long> bytes,
        Func<TRow, TView> view,
        Func<TRow, string> cursor
    )
    {
        var fits = Fitting(rows, Math.Min(limit, rows.Count), bytes);
        return fits < rows.Count ? new([.. rows.Take(fits).Select(view)], cursor(rows[fits - 1])) : new([.. rows.Select(view)], null);
    }

    /// <summary>The number of leading rows that fit into a page; at least one.</summary>
    public static int Fitting<TRow>(List<TRow> rows, int most, Func<TRow, long> bytes)
    {
        var total = 0L;
        for (var i = 0; i < most; i++)
        {
            total += bytes(rows[i]) + BytesBeside;
            if (total > MostBytes && i > 0)
            {
                return i;
            }
        }

        return most;
    }
}
