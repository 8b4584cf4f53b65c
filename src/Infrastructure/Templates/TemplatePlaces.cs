using System.Globalization;
using Fluid;
using Fluid.Ast;
using Fluid.Ast.BinaryExpressions;
using Fluid.Values;

namespace FollowUp.Infrastructure.Templates;

/// <summary>A position in a template: line and column, from 1; 0 when unknown.</summary>
internal readonly record struct TemplatePlace(int Line, int Column)
{
    /// <summary>Adds the position to an error. The innermost position takes precedence.</summary>
    public FluidException At(FluidException failure) =>
        Line == 0 || failure is PlacedException
            ? failure
            : new PlacedException(
                string.Create(CultureInfo.InvariantCulture, $"{failure.Message.TrimEnd('.')} (line {Line}, column {Column}).")
            );

    private sealed class PlacedException(string message) : FluidException(message);
}

/// <summary>A filter whose errors have a position: it rejects values of the wrong type.</summary>
internal sealed class PlacedFilter(Expression filter, TemplatePlace place) : CheckedExpression(filter)
{
    public TemplatePlace Place => place;

    public override async ValueTask<FluidValue> EvaluateAsync(TemplateContext context)
    {
        try
        {
            return await Inner.EvaluateAsync(context);
        }
        catch (FluidException failure)
        {
            throw place.At(failure);
        }
    }
}

/// <summary>
/// Finds the positions of a template's comparisons and filters. The library's tree has no positions, so the operators in the text are counted and
/// those in the tree are visited in the same order. If the numbers differ, errors have no position rather than a wrong one.
/// </summary>
internal sealed partial class TemplatePlaces : DepthLimitedRewriter
{
    private readonly List<Expression> _comparisons = [];
    private readonly List<Expression> _filters = [];
    private readonly Dictionary<Expression, TemplatePlace> _places = new(ReferenceEqualityComparer.Instance);

    private TemplatePlaces() { }

    public static TemplatePlaces Of(string text, IFluidTemplate template)
    {
        var places = new TemplatePlaces();
        places.VisitTemplate(template);
        var (comparisons, filters) = Operators(text);
        places.Assign(places._comparisons, comparisons, text);
        places.Assign(places._filters, filters, text);
        return places;
    }

    /// <summary>The first use of a filter; 0 when there is none.</summary>
    public static int IndexOfFilter(string text, string filter) =>
        Operators(text)
            .Filters.Find(at => text.AsSpan(at).StartsWith(filter, StringComparison.Ordinal) && !IsPartOfName(text, at + filter.Length));

    public TemplatePlace this[Expression expression] => _places.GetValueOrDefault(expression);

    protected override Expression VisitEqualBinaryExpression(EqualBinaryExpression equalBinaryExpression) =>
        Compared(equalBinaryExpression);

    protected override Expression VisitNotEqualBinaryExpression(NotEqualBinaryExpression notEqualBinaryExpression) =>
        Compared(notEqualBinaryExpression);

    protected override Expression VisitGreaterThanBinaryExpression(GreaterThanBinaryExpression greaterThanBinaryExpression) =>
        Compared(greaterThanBinaryExpression);

    protected override Expression VisitLowerThanBinaryExpression(LowerThanBinaryExpression lowerThanBinaryExpression) =>
        Compared(lowerThanBinaryExpression);

    protected override Expression VisitFilterExpression(FilterExpression filterExpression)
    {
        Visit(filterExpression.Input);
        _filters.Add(filterExpression);
        foreach (var parameter in filterExpression.Parameters)
        {
            Visit(parameter.Expression);
        }

        return filterExpression;
    }

    /// <summary>The library visits the <c>else</c> first.</summary>
    protected override Statement VisitIfStatement(IfStatement ifStatement)
    {
        Visit(ifStatement.Condition);
        VisitAll(ifStatement.Statements);
        VisitAll(ifStatement.ElseIfs);
        Visit(ifStatement.Else);
        return ifStatement;
    }

    protected override Statement VisitUnlessStatement(UnlessStatement unlessStatement)
    {
        Visit(unlessStatement.Condition);
        VisitAll(unlessStatement.Statements);
        Visit(unlessStatement.Else);
        return unlessStatement;
    }

    private BinaryExpression Compared(BinaryExpression comparison)
    {
        Visit(comparison.Left);
        _comparisons.Add(comparison);
        Visit(comparison.Right);
        return comparison;
    }

    private void VisitAll(IEnumerable<Statement> statements)
    {
        foreach (var statement in statements)
        {
            Visit(statement);
        }
    }

    private void Assign(List<Expression> expressions, List<int> indexes, string text)
    {
        if (expressions.Count != indexes.Count)
        {
            return;
        }

        var (line, lineStart, at) = (1, 0, 0);
        for (var i = 0; i < indexes.Count; i++)
        {
            for (; at < indexes[i]; at++)
            {
                if (text[at] == '\n')
                {
                    (line, lineStart) = (line + 1, at + 1);
                }
            }

            _places[expressions[i]] = new TemplatePlace(line, at - lineStart + 1);
        }
    }

    /// <summary>The indexes of the comparison operators and of the filters' names, in text order.</summary>
    private static (List<int> Comparisons, List<int> Filters) Operators(string text)
    {
        List<int> comparisons = [];
        List<int> filters = [];
        var at = 0;
        while (Opening().Match(text, at) is { Success: true } opening)
        {
            at = opening.Index + opening.Length;
            if (opening.Groups["verbatim"] is { Success: true, Value: var verbatim })
            {
                var end = text.IndexOf($"end{verbatim}", at, StringComparison.Ordinal);
                at = end < 0 ? text.Length : end;
                continue;
            }

            while (Token().Match(text, at) is { Success: true } token)
            {
                at = token.Index + token.Length;
                if (token.Groups["comparison"].Success)
                {
                    comparisons.Add(token.Index);
                }
                else if (token.Groups["filter"] is { Success: true } filter)
                {
                    filters.Add(filter.Index);
                }
                else if (token.ValueSpan is "%}" or "}}")
                {
                    break;
                }
            }
        }

        return (comparisons, filters);
    }

    private static bool IsPartOfName(string text, int at) =>
        at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] is '_' or '-');

    [GeneratedRegex(@"\{\{|\{%-?\s*(?:(?<verbatim>raw|comment|doc)\b|#[^%]*)?", RegexOptions.CultureInvariant)]
    private static partial Regex Opening();

    [GeneratedRegex(
        """'[^']*'|"[^"]*"|(?<comparison>==|!=|<>|>=|<=|<|>)|\|\s*(?<filter>[A-Za-z_][A-Za-z0-9_-]*)|%\}|\}\}""",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex Token();
}
