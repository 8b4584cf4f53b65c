using System.Globalization;
using FollowUp.Application.Templates;

namespace FollowUp.Infrastructure.Templates;

/// <summary>A template asked for more than a rendering may have. The message goes on after "it ".</summary>
internal sealed class RenderLimitException(string message) : Exception(message);

/// <summary>
/// What one rendering may use up. Steps alone do not bound it: <c>s | append: s</c> doubles a string in one step, so what filters and
/// captures produce is counted too. Counted rather than timed, so that a template that renders today renders on a busy machine tomorrow.
/// </summary>
internal sealed class RenderBudget(RenderAllowance? allowance = null)
{
    /// <summary>The longest template, in characters.</summary>
    public const int LongestTemplate = 256 * 1024;

    /// <summary>How deep statements and expressions may nest, all counted together: evaluating them uses the stack.</summary>
    public const int Deepest = 100;

    /// <summary>The most statements that are carried out.</summary>
    public const int MostSteps = 10_000;

    /// <summary>The longest text that comes out, or that a variable holds, in characters.</summary>
    public const int LongestText = 512 * 1024;

    /// <summary>The most items of a list that a filter or a range makes.</summary>
    public const int MostItems = 10_000;

    /// <summary>The longest text that is looked for in another one, in characters.</summary>
    public const int LongestSearch = 1_000;

    /// <summary>All characters and items that are produced or gone through, added up.</summary>
    public const long MostWork = 16 * 1024 * 1024;

    private long _work;

    /// <summary>Takes some of the budget.</summary>
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

    /// <summary>Takes what the parsing of a page with so many tags costs at worst, which the mail itself does not pay for: it is done once.</summary>
    public void ChargeTags(int tags)
    {
        if (allowance?.TakeAtWorst(2L * tags * tags) == false)
        {
            throw new RenderLimitException("has, together with the other texts of this request, too many tags");
        }
    }

    /// <summary>Counts the parsing of a template that is not kept parsed. It is charged to the owner's share; what a template may do does not depend on it.</summary>
    public void MeterParsing(int characters) => allowance?.Meter(characters);

    /// <summary>
    /// Counts the cleaning of a page: usually its length with what parsers copy, at worst the square of its tags and attributes. Between the two the time decides that it
    /// took, at the rate at which the costliest rendering goes through characters.
    /// </summary>
    public void MeterCleaning(long characters, int tags, int attributes, TimeSpan took)
    {
        var linear = characters + (50L * (tags + attributes));
        var worst = 2L * (tags + attributes) * (tags + attributes);
        allowance?.Meter(Math.Max(linear, Math.Min((long)(took.TotalSeconds * MostWork), worst)));
    }

    /// <summary>Refuses a text that is too long.</summary>
    public static void CheckText(long length)
    {
        if (length > LongestText)
        {
            throw new RenderLimitException($"makes a text of more than {Format(LongestText)} characters");
        }
    }

    /// <summary>Refuses a list that is too long.</summary>
    public static void CheckItems(decimal count)
    {
        if (count > MostItems)
        {
            throw new RenderLimitException($"makes a list of more than {Format(MostItems)} items");
        }
    }

    /// <summary>Refuses to look for a text that is too long.</summary>
    public static void CheckSearch(long length)
    {
        // A value weighs one more than its text.
        if (length > LongestSearch + 1)
        {
            throw new RenderLimitException($"looks for a text of more than {Format(LongestSearch)} characters");
        }
    }

    /// <summary>A number as the messages show it.</summary>
    public static string Format(int number) => number.ToString("N0", CultureInfo.InvariantCulture);
}

/// <summary>A value within a text that was rendered.</summary>
/// <param name="Start">Where it begins.</param>
/// <param name="Length">How many characters it has there, escaped.</param>
/// <param name="Text">The value itself.</param>
internal readonly record struct RenderedValue(int Start, int Length, string Text);

/// <summary>A text in the making that does not grow beyond what is allowed. Knows which parts of it are values.</summary>
internal sealed class BoundedWriter(RenderBudget budget) : StringWriter(CultureInfo.InvariantCulture)
{
    private readonly List<RenderedValue> _values = [];

    /// <summary>The escaped values in the text, in order.</summary>
    public IReadOnlyList<RenderedValue> Values => _values;

    /// <summary>Where the text ends at present.</summary>
    public int Position => GetStringBuilder().Length;

    /// <summary>Notes that what was written since then is a value.</summary>
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
