using Fluid;
using Fluid.Ast;
using Fluid.Values;

namespace FollowUp.Infrastructure.Templates;

/// <summary>An operand of a comparison: it may be gone through from end to end, so it costs what it weighs.</summary>
internal sealed class ChargedOperand(Expression operand) : Expression
{
    public Expression Operand => operand;

    public override async ValueTask<FluidValue> EvaluateAsync(TemplateContext context)
    {
        var value = await operand.EvaluateAsync(context);
        LiquidFilters.Budget(context).Charge(ValueWeight.Of(value));
        return value;
    }
}

/// <summary>
/// What is looked for in a text or a list, and a name in brackets (<c>variables[name]</c>): short, since a search takes a time that grows
/// with the product of both lengths.
/// </summary>
internal sealed class ShortOperand(Expression operand) : Expression
{
    public Expression Operand => operand;

    public override async ValueTask<FluidValue> EvaluateAsync(TemplateContext context)
    {
        var value = await operand.EvaluateAsync(context);
        RenderBudget.CheckSearch(ValueWeight.Of(value));
        return value;
    }
}

/// <summary>How much there is in a value to go through: characters, and one for each item.</summary>
internal static class ValueWeight
{
    /// <summary>Weighs a value. Lists may hold one long text thousands of times over, which costs no memory until somebody asks for their text.</summary>
    public static long Of(FluidValue value)
    {
        var weight = 0L;
        Add(value, ref weight);
        return weight;
    }

    /// <summary>Goes no further than what no budget allows anyway.</summary>
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
