using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace FollowUp.Infrastructure.Persistence.Migrations
{
    /// <summary>A row for each unit of work that was committed lately: whoever lost the answer to a commit finds out by it what became of it.</summary>
    public partial class CommitProof : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(
                """
                CREATE TABLE commit_proof (
                  id uuid PRIMARY KEY,
                  created_at timestamptz NOT NULL DEFAULT now());
                CREATE INDEX ix_commit_proof_created_at ON commit_proof (created_at);
                """
            );
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("DROP TABLE commit_proof;");
        }
    }
}
