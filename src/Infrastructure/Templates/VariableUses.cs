using System.Globalization;
using System.Text.Encodings.Web;
using Fluid;
using Fluid.Ast;
using Fluid.Ast.BinaryExpressions;
using Fluid.Values;

namespace FollowUp.Infrastructure.Templates;

/// <summary>A variable that a template uses.</summary>
/// <param name="Name">For example <c>offer.address</c>.</param>
/// <param name="IsWritten">Whether it is output anywhere; otherwise it is only used in conditions or loops.</param>
/// <param name="Needed">Whether it is output anywhere without a default, so that a missing value would leave a gap in the text.</param>
/// <param name="IsBare">The same, including places where an <c>if</c> checks it before.</param>
internal sealed record VariableUse(string Name, bool IsWritten, bool Needed, bool IsBare)
{
    /// <summary>Whether an <c>if</c> or an <c>unless</c> tests it without comparing it.</summary>
    public bool Decides { get; init; }
}

/// <summary>
/// Finds the variables that a template uses, and adds code that records required variables without a value. A variable that is output needs a value
/// or a <c>default</c>; one that is only evaluated (<c>if</c>, <c>for</c>, <c>assign</c>) may be absent.
/// </summary>
internal sealed class VariableUses : AstRewriter
{
    private readonly Dictionary<string, VariableUse> _uses = new(StringComparer.Ordinal);
    private readonly List<string> _askedFor = [];
    private readonly HashSet<string> _locals = new(StringComparer.Ordinal) { "forloop", "tablerowloop" };

    /// <summary>The variables found, except for names that the template itself assigns.</summary>
    public IReadOnlyList<VariableUse> Found => [.. _uses.Values.Where(use => !_locals.Contains(use.Name.Split('.', '[')[0]))];

    public override Statement Visit(Statement statement)
    {
        if (LocalOf(statement) is { } local)
        {
            _locals.Add(local);
        }

        var visited = base.Visit(statement);
        foreach (var name in Conditions(ConditionOf(statement)).Select(NameOf))
        {
            if (_uses.TryGetValue(name, out var use))
            {
                _uses[name] = use with { Decides = true };
            }
        }

        return visited;
    }

    private static string? LocalOf(Statement statement) =>
        statement switch
        {
            AssignStatement assign => assign.Identifier,
            BoundedCapture capture => capture.Identifier,
            ForStatement loop => loop.Identifier,
            TableRowStatement loop => loop.Identifier,
            IncrementStatement counter => counter.Identifier,
            DecrementStatement counter => counter.Identifier,
            _ => null,
        };

    public override Statement VisitOtherStatement(Statement statement) =>
        statement switch
        {
            BoundedLoop loop => new BoundedLoop(loop.Source, Visit(loop.Loop)),
            BoundedCapture capture when TryRewriteStatements(capture.Statements, out var statements) => new BoundedCapture(
                capture.Identifier,
                statements
            ),
            BoundedCapture capture => capture,
            _ => base.VisitOtherStatement(statement),
        };

    public override Expression VisitOtherExpression(Expression expression)
    {
        if (expression is ValueComparison comparison)
        {
            Visit(comparison.Left);
            Visit(comparison.Right);
        }
        else
        {
            Visit((expression as CheckedExpression)?.Inner);
        }

        return expression;
    }

    protected override Statement VisitOutputStatement(OutputStatement outputStatement) =>
        new ValueOutput(Needed(outputStatement.Expression));

    protected override Expression VisitMemberExpression(MemberExpression memberExpression)
    {
        Use(memberExpression, written: false, needed: false);
        return memberExpression;
    }

    /// <summary>A variable that an <c>if</c> tests before outputting it may be absent: it is then not output.</summary>
    protected override Statement VisitIfStatement(IfStatement ifStatement)
    {
        var before = _askedFor.Count;
        _askedFor.AddRange(Conditions(ifStatement.Condition).Select(NameOf));
        var visited = base.VisitIfStatement(ifStatement);
        _askedFor.RemoveRange(before, _askedFor.Count - before);
        return visited;
    }

    private static Expression? ConditionOf(Statement statement) =>
        statement switch
        {
            IfStatement condition => condition.Condition,
            ElseIfStatement condition => condition.Condition,
            UnlessStatement condition => condition.Condition,
            _ => null,
        };

    private static IEnumerable<MemberExpression> Conditions(Expression? condition) =>
        condition switch
        {
            MemberExpression member => [member],
            AndBinaryExpression both => Conditions(both.Left).Concat(Conditions(both.Right)),
            _ => [],
        };

    private Expression Needed(Expression expression) =>
        expression switch
        {
            MemberExpression member => new RequiredValue(member, Use(member, written: true, needed: true)),
            PlacedFilter placed => new PlacedFilter(Needed(placed.Inner), placed.Place),
            FilterExpression { Name: "default" } withDefault => Defaulted(withDefault),
            FilterExpression filter => new FilterExpression(
                Needed(filter.Input),
                filter.Name,
                [.. filter.Parameters.Select(parameter => new FilterArgument(parameter.Name, Needed(parameter.Expression)))]
            ),
            _ => Visit(expression),
        };

    /// <summary>With a literal as the default nothing can be missing; with a variable, one of the two must have a value.</summary>
    private Expression Defaulted(FilterExpression filter)
    {
        foreach (var member in Members(filter.Input).Concat(filter.Parameters.SelectMany(parameter => Members(parameter.Expression))))
        {
            Use(member, written: true, needed: false);
        }

        Visit(filter.Input);
        return filter.Parameters.Any(parameter => parameter.Expression is not LiteralExpression)
            ? new RequiredValue(
                filter,
                string.Join(
                    " or ",
                    filter.Parameters.SelectMany(parameter => Members(parameter.Expression)).Select(NameOf).Prepend(Inputs())
                )
            )
            : filter;

        string Inputs() => string.Join(" or ", Members(filter.Input).Select(NameOf));
    }

    private static IEnumerable<MemberExpression> Members(Expression expression) =>
        expression switch
        {
            MemberExpression member => [member],
            PlacedFilter placed => Members(placed.Inner),
            FilterExpression filter => Members(filter.Input),
            _ => [],
        };

    private string Use(MemberExpression member, bool written, bool needed)
    {
        foreach (var indexer in member.Segments.OfType<IndexerSegment>())
        {
            Visit(indexer.Expression);
        }

        var name = NameOf(member);
        var known = _uses.GetValueOrDefault(name);
        _uses[name] = new VariableUse(
            name,
            written || known?.IsWritten == true,
            (needed && !_askedFor.Contains(name)) || known?.Needed == true,
            needed || known?.IsBare == true
        )
        {
            Decides = known?.Decides == true,
        };
        return name;
    }

    private static string NameOf(MemberExpression member) =>
        string.Concat(
            member.Segments.Select(
                (segment, place) =>
                    segment switch
                    {
                        IdentifierSegment identifier => place == 0 ? identifier.Identifier : $".{identifier.Identifier}",
                        IndexerSegment indexer => ((indexer.Expression as CheckedExpression)?.Inner ?? indexer.Expression) switch
                        {
                            LiteralExpression { Value: StringValue text } => $".{text.ToStringValue()}",
                            LiteralExpression { Value: NumberValue number } =>
                                $"[{number.ToNumberValue().ToString(CultureInfo.InvariantCulture)}]",
                            _ => "[…]",
                        },
                        _ => "[…]",
                    }
            )
        );
}

/// <summary>A variable that must have a value when it is output: nil and white space are recorded as missing.</summary>
internal sealed class RequiredValue(Expression value, string name) : Expression
{
    public static bool IsBlank(FluidValue value) =>
        value is not (NumberValue or BooleanValue or DateTimeValue) && string.IsNullOrWhiteSpace(value.ToStringValue());

    public override ValueTask<FluidValue> EvaluateAsync(TemplateContext context)
    {
        var evaluation = value.EvaluateAsync(context);
        return evaluation.IsCompletedSuccessfully ? new(Checked(evaluation.Result, context)) : Awaited(evaluation, context);
    }

    private async ValueTask<FluidValue> Awaited(ValueTask<FluidValue> evaluation, TemplateContext context) =>
        Checked(await evaluation, context);

    private FluidValue Checked(FluidValue result, TemplateContext context)
    {
        if (IsBlank(result))
        {
            LiquidFilters.Miss(context, name);
        }

        return result;
    }
}

/// <summary>An output between <c>{{</c> and <c>}}</c>. Marks its text as a value if the writer distinguishes values.</summary>
internal sealed class ValueOutput(Expression expression) : Statement
{
    public override ValueTask<Completion> WriteToAsync(TextWriter writer, TextEncoder encoder, TemplateContext context)
    {
        context.IncrementSteps();
        var evaluation = expression.EvaluateAsync(context);
        return evaluation.IsCompletedSuccessfully
            ? Write(evaluation.Result, writer, encoder, context)
            : Awaited(evaluation, writer, encoder, context);
    }

    private static async ValueTask<Completion> Awaited(
        ValueTask<FluidValue> evaluation,
        TextWriter writer,
        TextEncoder encoder,
        TemplateContext context
    ) => await Write(await evaluation, writer, encoder, context);

    private static async ValueTask<Completion> Write(FluidValue value, TextWriter writer, TextEncoder encoder, TemplateContext context)
    {
        var start = writer is BoundedWriter bounded ? bounded.Position : 0;
        await value.WriteToAsync(writer, encoder, context.CultureInfo);
        if (writer is BoundedWriter text && value is StringValue { Encode: true } or NumberValue)
        {
            text.Mark(start, value.ToStringValue());
        }

        return Completion.Normal;
    }
}
