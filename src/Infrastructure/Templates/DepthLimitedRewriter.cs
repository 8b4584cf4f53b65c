using Fluid.Ast;

namespace FollowUp.Infrastructure.Templates;

/// <summary>Visits a template up to <see cref="RenderBudget.Deepest"/>: visiting and evaluating nested parts use the stack.</summary>
internal abstract class DepthLimitedRewriter : AstRewriter
{
    private int _depth;

    public override Statement Visit(Statement statement)
    {
        Enter();
        var visited = base.Visit(statement);
        _depth--;
        return visited;
    }

    public override Expression Visit(Expression expression)
    {
        Enter();
        var visited = base.Visit(expression);
        _depth--;
        return visited;
    }

    private void Enter()
    {
        if (++_depth > RenderBudget.Deepest)
        {
            throw new RenderLimitException("nests too deeply");
        }
    }
}
