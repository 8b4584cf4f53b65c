using Fluid;
using Fluid.Ast;
using Fluid.Values;

namespace FollowUp.Infrastructure.Templates;

internal abstract class CheckedExpression(Expression inner) : Expression
{
    public Expression Inner => inner;
}

/// <summary>An operand of a comparison: evaluating it may traverse the whole value, so it is charged by weight.</summary>
internal sealed class ChargedOperand(Expression operand) : CheckedExpression(operand)
{
    public override async ValueTask<FluidValue> EvaluateAsync(TemplateContext context)
    {
        var value = await Inner.EvaluateAsync(context);
        LiquidFilters.Budget(context).Charge(ValueWeight.Of(value));
        return value;
    }
}

/// <summary>
/// A search term for a text or list, and a name in brackets (<c>variables[name]</c>): must be short, because the time of a search grows with the
/// product of both lengths.
/// </summary>
internal sealed class ShortOperand(Expression operand) : CheckedExpression(operand)
{
    public override async ValueTask<FluidValue> EvaluateAsync(TemplateContext context)
    {
        var value = await Inner.EvaluateAsync(context);
        RenderBudget.CheckSearch(ValueWeight.Of(value));
        return value;
    }
}

/// <summary>The cost of traversing a value: its characters, plus one per item.</summary>
internal static class ValueWeight
{
    // Weighs a value. A list may contain one long text thousands of times, which uses no memory until the list is converted to text.
    public static long Of(FluidValue value)
    {
        var weight = 0L;
        Add(value, ref weight);
        return weight;
    }

    /// <summary>Stops at a weight that no budget allows.</summary>
    private static void Add(FluidValue value, ref long weight)
    {
        if (weight > RenderBudget.MostWork)
        {
            return;
        }

        weight++;
        switch (value)
        {
            case StringValue text:
                weight += text.ToStringValue().Length;
                break;
            case ArrayValue list:
                foreach (var item in list.Values)
                {
                    Add(item, ref weight);
                }

                break;
            case DictionaryValue when value.ToObjectValue() is IFluidIndexable members:
                foreach (var name in members.Keys)
                {
                    weight += name.Length;
                    if (members.TryGetValue(name, out var member))
                    {
                        Add(member, ref weight);
                    }
                }

                break;
            default:
                break;
        }
    }
}
