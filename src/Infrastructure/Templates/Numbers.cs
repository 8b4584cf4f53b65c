using System.Globalization;
using Fluid;
using Fluid.Ast;
using Fluid.Values;

namespace FollowUp.Infrastructure.Templates;

/// <summary>
/// Parses numbers from values. The cells of a CSV file are texts, so <c>"900"</c> means the number 900, as it does without quotes in JSON. The
/// library reads <c>12,5</c> as 125 and <c>abc</c> as 0; here a text with another or an ambiguous meaning is an error that quotes it.
/// </summary>
internal static partial class Numbers
{
    private const int Longest = 60;

    /// <returns>The problem with the value, as the end of a sentence that starts with it; null when it is a number.</returns>
    public static string? Wrong(FluidValue value, out decimal number)
    {
        number = 0;
        if (value is NumberValue)
        {
            number = value.ToNumberValue();
            return null;
        }

        if (value is not StringValue)
        {
            return "is not a number";
        }

        var text = value.ToStringValue().Trim();
        if (text.Length > Longest || !Plain().IsMatch(text))
        {
            return text.Contains(',', StringComparison.Ordinal)
                ? "is not a number: write it with a decimal point and without thousands separators"
                : "is not a number";
        }

        return Grouped().IsMatch(text) ? $"has two meanings: write {text.Replace(".", "", StringComparison.Ordinal)} or {text}0"
            : decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) ? null
            : "is too large a number";
    }

    /// <summary>The operand of a calculation. Nil and white space are nil, which Liquid counts as 0.</summary>
    public static FluidValue Operand(FluidValue value, string filter) =>
        value is NumberValue ? value
        : RequiredValue.IsBlank(value) && value is not (ArrayValue or DictionaryValue) ? NilValue.Instance
        : NumberValue.Create(Read(value, filter));

    public static decimal Read(FluidValue value, string filter) =>
        Wrong(value, out var number) is { } wrong ? throw new FluidException($"{filter} needs a number; {Shown(value)} {wrong}.") : number;

    public static string Shown(FluidValue value) =>
        value switch
        {
            ArrayValue => "a list",
            DictionaryValue => "an object",
            BooleanValue => value.ToStringValue(),
            _ => $"'{FollowUp.Infrastructure.SingleLine.Of(value.ToStringValue(), 40)}'",
        };

    [GeneratedRegex(@"^[+-]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Plain();

    /// <summary><c>1.250</c> is 1250 in German notation and 1.25 in English. A number that starts with 0 is not grouped.</summary>
    [GeneratedRegex(@"^[+-]?[1-9][0-9]{0,2}\.[0-9]{3}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Grouped();
}

/// <summary>A number that the library parses itself: the ends of a range, <c>limit</c> and <c>offset</c> of a loop.</summary>
internal sealed class NumberOperand(Expression operand, string what) : CheckedExpression(operand)
{
    public override async ValueTask<FluidValue> EvaluateAsync(TemplateContext context) =>
        Numbers.Operand(await Inner.EvaluateAsync(context), what);
}
