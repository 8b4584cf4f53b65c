using System.Text.Encodings.Web;
using Fluid;
using Fluid.Ast;
using Fluid.Values;

namespace FollowUp.Infrastructure.Templates;

/// <summary>A range such as <c>(1..n)</c>. The library's own creates all numbers at once, without a limit.</summary>
internal sealed class BoundedRange(RangeExpression range) : CheckedExpression(range)
{
    public override async ValueTask<FluidValue> EvaluateAsync(TemplateContext context)
    {
        var range = (RangeExpression)Inner;
        var from = (await range.From.EvaluateAsync(context)).ToNumberValue();
        var to = (await range.To.EvaluateAsync(context)).ToNumberValue();
        RenderBudget.CheckItems(to - from + 1);
        return await range.EvaluateAsync(context);
    }
}

/// <summary>A <c>for</c> or <c>tablerow</c>, whose list is copied each time the loop starts.</summary>
internal sealed class BoundedLoop(Expression source, Statement loop) : Statement
{
    public Expression Source => source;
    public Statement Loop => loop;

    public override async ValueTask<Completion> WriteToAsync(TextWriter writer, TextEncoder encoder, TemplateContext context)
    {
        var items = await source.EvaluateAsync(context);
        LiquidFilters.Budget(context).Charge(1 + items.Enumerate(context).Count());
        return await loop.WriteToAsync(writer, encoder, context);
    }
}

/// <summary>A <c>capture</c>, whose text has the same limit as the template's. It counts as escaped, because its parts were escaped.</summary>
internal sealed class BoundedCapture(string identifier, IReadOnlyList<Statement> statements) : TagStatement(statements)
{
    public string Identifier => identifier;

    public override async ValueTask<Completion> WriteToAsync(TextWriter writer, TextEncoder encoder, TemplateContext context)
    {
        context.IncrementSteps();
        await using var text = new BoundedWriter(LiquidFilters.Budget(context));
        var completion = Completion.Normal;
        for (var i = 0; i < Statements.Count && completion == Completion.Normal; i++)
        {
            completion = await Statements[i].WriteToAsync(text, encoder, context);
        }

        context.SetValue(identifier, new StringValue(text.ToString(), encode: false));
        return completion;
    }
}
