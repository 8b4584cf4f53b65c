using Fluid;
using Fluid.Ast;
using Fluid.Values;

namespace FollowUp.Infrastructure.Templates;

internal enum Comparison
{
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// <summary>
/// A comparison with the same result for a value from JSON and one from a CSV file, whose cells are texts. The library compares a number and a text
/// as texts in one order of operands and as numbers in the other, so that <c>"900" &gt; 1000</c> is true.
/// </summary>
internal sealed class ValueComparison(Expression left, Comparison comparison, Expression right, TemplatePlace place) : Expression
{
    public Expression Left => left;
    public Expression Right => right;

    public override async ValueTask<FluidValue> EvaluateAsync(TemplateContext context)
    {
        var (a, b) = (await left.EvaluateAsync(context), await right.EvaluateAsync(context));
        try
        {
            return new BinaryExpressionFluidValue(
                a,
                comparison switch
                {
                    Comparison.Equal => AreEqual(a, b),
                    Comparison.NotEqual => !AreEqual(a, b),
                    _ => InOrder(a, b),
                }
            );
        }
        catch (FluidException failure)
        {
            throw place.At(failure);
        }
    }

    /// <summary>Whether two values are equal: <c>"5"</c> and 5 are, and so are <c>"true"</c> and true.</summary>
    public static bool AreEqual(FluidValue a, FluidValue b) =>
        (a, b) switch
        {
            (NumberValue, StringValue) => !RequiredValue.IsBlank(b) && a.ToNumberValue() == Number(b, a),
            (StringValue, NumberValue) => !RequiredValue.IsBlank(a) && Number(a, b) == b.ToNumberValue(),
            (BooleanValue, StringValue) => !RequiredValue.IsBlank(b) && a.ToBooleanValue() == Boolean(b, a),
            (StringValue, BooleanValue) => !RequiredValue.IsBlank(a) && Boolean(a, b) == b.ToBooleanValue(),
            _ => a.Equals(b),
        };

    private bool InOrder(FluidValue a, FluidValue b)
    {
        if (IsAbsent(a) || IsAbsent(b))
        {
            return IsAbsent(a) && IsAbsent(b) && comparison is Comparison.LessOrEqual or Comparison.GreaterOrEqual;
        }

        var order = Order(a, b);
        return comparison switch
        {
            Comparison.Less => order < 0,
            Comparison.LessOrEqual => order <= 0,
            Comparison.Greater => order > 0,
            _ => order >= 0,
        };
    }

    /// <summary>An empty cell of a CSV file is absent, so a blank text from JSON counts as absent too.</summary>
    private static bool IsAbsent(FluidValue value) => value.IsNil() || (value is StringValue && RequiredValue.IsBlank(value));

    private static int Order(FluidValue a, FluidValue b)
    {
        if (a is NumberValue || b is NumberValue)
        {
            return Number(a, b).CompareTo(Number(b, a));
        }

        if (a is DateTimeValue or StringValue && b is DateTimeValue or StringValue)
        {
            return OrderOfTexts(a, b);
        }

        throw new FluidException($"{Numbers.Shown(a)} and {Numbers.Shown(b)} cannot be ordered.");
    }

    // Two texts that are both numbers or both dates are compared as such. If a text looks like one but cannot be parsed, comparing characters would
    // be a silent guess: "9,5" > "10,5".
    private static int OrderOfTexts(FluidValue a, FluidValue b)
    {
        if (Numbers.Wrong(a, out var x) is null && Numbers.Wrong(b, out var y) is null)
        {
            return x.CompareTo(y);
        }

        if (Date(a) is { } first && Date(b) is { } second)
        {
            return first.CompareTo(second);
        }

        var (left, right) = (a.ToStringValue(), b.ToStringValue());
        return LooksLikeNumberOrDate(left) || LooksLikeNumberOrDate(right)
            ? throw new FluidException(
                $"{Numbers.Shown(a)} and {Numbers.Shown(b)} cannot be compared: they are not both numbers or both dates."
            )
            : string.CompareOrdinal(left, right);
    }

    private static DateTimeOffset? Date(FluidValue value) =>
        value is DateTimeValue && value.ToObjectValue() is DateTimeOffset instant ? instant
        : DateReader.TryReadWritten(value.ToStringValue(), out var date) ? date
        : null;

    public static bool LooksLikeNumberOrDate(string text) =>
        text.AsSpan().Trim().TrimStart("+-.,$€£¥") is [var first, ..] && char.IsAsciiDigit(first);

    private static decimal Number(FluidValue value, FluidValue other) =>
        Numbers.Wrong(value, out var number) is { } wrong
            ? throw new FluidException($"{Numbers.Shown(value)} is compared with the number {other.ToStringValue()}, but {wrong}.")
            : number;

    private static bool Boolean(FluidValue value, FluidValue other) =>
        bool.TryParse(value.ToStringValue(), out var boolean)
            ? boolean
            : throw new FluidException($"{Numbers.Shown(value)} is compared with {other.ToStringValue()}, but is neither true nor false.");
}
