using System.Globalization;
using System.Text.Encodings.Web;
using Fluid;
using Fluid.Ast;
using Fluid.Values;

namespace FollowUp.Infrastructure.Templates;

/// <summary>The value of a <c>case</c>: compared with its options as in an <c>if</c>, whether it comes from JSON or from a CSV file.</summary>
internal sealed class CaseOperand(Expression operand) : CheckedExpression(operand)
{
    public override async ValueTask<FluidValue> EvaluateAsync(TemplateContext context)
    {
        var value = await Inner.EvaluateAsync(context);
        LiquidFilters.Budget(context).Charge(ValueWeight.Of(value));
        return new Looked(value);
    }

    private sealed class Looked(FluidValue value) : FluidValue
    {
        public override FluidValues Type => value.Type;

        // Unlike an if, a case may have options of several types, and a text that is not a number simply equals none of its numbers. A
        // text that looks like a number but cannot be parsed is an error here too.
        public override bool Equals(FluidValue? other) =>
            (value, other) switch
            {
                (_, null) => false,
                (StringValue text, NumberValue or BooleanValue) => IsMeantAs(text, other) && ValueComparison.AreEqual(text, other),
                (NumberValue or BooleanValue, StringValue text) => IsMeantAs(text, value) && ValueComparison.AreEqual(value, text),
                _ => value.Equals(other),
            };

        public override bool ToBooleanValue() => value.ToBooleanValue();

        public override decimal ToNumberValue() => value.ToNumberValue();

        public override string ToStringValue() => value.ToStringValue();

        public override object ToObjectValue() => value.ToObjectValue();

        public override ValueTask WriteToAsync(TextWriter writer, TextEncoder encoder, CultureInfo cultureInfo) =>
            value.WriteToAsync(writer, encoder, cultureInfo);

        private static bool IsMeantAs(StringValue text, FluidValue other) =>
            other is NumberValue ? ValueComparison.LooksLikeNumberOrDate(text.ToStringValue()) : bool.TryParse(text.ToStringValue(), out _);
    }
}
