using System.Globalization;

namespace FollowUp.Infrastructure.Templates;

/// <summary>A template exceeded a limit of a rendering. The message continues a sentence that ends with "it ".</summary>
internal sealed class RenderLimitException(string message) : Exception(message);

/// <summary>
/// The budget of one rendering. The number of steps alone is no bound: <c>s | append: s</c> doubles a string in one step, so the output of filters
/// and captures is charged too. Work is counted rather than timed, so that a template that renders today also renders on a busy machine.
/// </summary>
internal sealed class RenderBudget(RenderAllowance? allowance = null)
{
    public const int LongestTemplate = 256 * 1024;

    /// <summary>The maximum nesting depth of statements and expressions together: evaluating them uses the stack.</summary>
    public const int Deepest = 100;

    public const int MostSteps = 10_000;

    /// <summary>The maximum length of the output, or of a variable's text, in characters.</summary>
    public const int LongestText = 512 * 1024;

    /// <summary>Maximum number of items of a list created by a filter or a range.</summary>
    public const int MostItems = 10_000;

    /// <summary>The maximum length of a search term, in characters.</summary>
    public const int LongestSearch = 1_000;

    /// <summary>Maximum number of characters and items produced or traversed, in total.</summary>
    public const long MostWork = 16 * 1024 * 1024;

    private long _work;

    public void Charge(long work)
    {
        _work += work;
        if (allowance?.Take(work) == false)
        {
            throw new RenderLimitException("does, together with the other texts of this request, too much work");
        }

        if (_work > MostWork)
        {
            throw new RenderLimitException(
                $"does too much work (more than {MostWork.ToString("N0", CultureInfo.InvariantCulture)} characters gone through)"
            );
        }
    }

    // Charges the worst-case cost of parsing a page with this number of tags. It does not count towards the mail's own limit, because it is done
    // once.
    public void ChargeTags(int tags)
    {
        if (allowance?.TakeAtWorst(2L * tags * tags) == false)
        {
            throw new RenderLimitException("has, together with the other texts of this request, too many tags");
        }
    }

    // Counts the parsing of a template that is not cached. It is charged to the owner's share and does not affect the template's own limits.
    public void MeterParsing(int characters) => allowance?.Meter(characters);

    // Counts the cleaning of a page: usually its length including the parser's copies, in the worst case the square of its tags and attributes.
    // Between these bounds the elapsed time decides, at the rate of the most expensive rendering in characters per time.
    public void MeterCleaning(long characters, int tags, int attributes, TimeSpan took)
    {
        var linear = characters + (50L * (tags + attributes));
        var worst = 2L * (tags + attributes) * (tags + attributes);
        allowance?.Meter(Math.Max(linear, Math.Min((long)(took.TotalSeconds * MostWork), worst)));
    }

    public static void CheckText(long length)
    {
        if (length > LongestText)
        {
            throw new RenderLimitException($"makes a text of more than {Format(LongestText)} characters");
        }
    }

    public static void CheckItems(decimal count)
    {
        if (count > MostItems)
        {
            throw new RenderLimitException($"makes a list of more than {Format(MostItems)} items");
        }
    }

    public static void CheckSearch(long length)
    {
        // The weight of a value is one more than its length.
        if (length > LongestSearch + 1)
        {
            throw new RenderLimitException($"looks for a text of more than {Format(LongestSearch)} characters");
        }
    }

    public static string Format(int number) => number.ToString("N0", CultureInfo.InvariantCulture);
}

/// <param name="Length">Its escaped length in characters.</param>
internal readonly record struct RenderedValue(int Start, int Length, string Text);

/// <summary>Writes a text within the limit, and records which parts of it are values.</summary>
internal sealed class BoundedWriter(RenderBudget budget) : StringWriter(CultureInfo.InvariantCulture)
{
    private readonly List<RenderedValue> _values = [];

    public IReadOnlyList<RenderedValue> Values => _values;
    public int Position => GetStringBuilder().Length;

    /// <summary>Records that the text since then is a value.</summary>
    public void Mark(int start, string value) => _values.Add(new RenderedValue(start, Position - start, value));

    public override void Write(char value)
    {
        Grow(1);
        base.Write(value);
    }

    public override void Write(string? value)
    {
        Grow(value?.Length ?? 0);
        base.Write(value);
    }

    public override void Write(char[] buffer, int index, int count)
    {
        Grow(count);
        base.Write(buffer, index, count);
    }

    public override void Write(ReadOnlySpan<char> buffer)
    {
        Grow(buffer.Length);
        base.Write(buffer);
    }

    private void Grow(int by)
    {
        RenderBudget.CheckText((long)GetStringBuilder().Length + by);
        budget.Charge(by);
    }
}
