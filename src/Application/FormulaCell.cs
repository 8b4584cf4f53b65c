namespace FollowUp.Application;

/// <summary>
/// CSV cells that a spreadsheet would interpret as a formula (OWASP, CSV injection; decision 23). Reading reverses writing exactly.
/// </summary>
public static class FormulaCell
{
    private const char Mark = '\'';

    /// <summary>
    /// The cell for a text. A text that would be a formula gets an apostrophe, and so does one that would be a formula without its own
    /// apostrophes: otherwise reading could not distinguish the two.
    /// </summary>
    /// <returns>The cell before quoting.</returns>
    public static string Write(string text) => IsFormula(text) ? $"{Mark}{text}" : text;

    /// <summary>The text of a cell, without the apostrophe added by <see cref="Write"/>.</summary>
    public static string Read(string cell) => cell.StartsWith(Mark) && IsFormula(cell) ? cell[1..] : cell;

    private static bool IsFormula(string text) =>
        text.AsSpan().TrimStart(Mark) is [var first, ..]
        && first is '=' or '+' or '-' or '@' or '\t' or '\r' or '\n' or '＝' or '＋' or '－' or '＠';
}
