import { readFileSync } from 'node:fs';
import { Controller, Get, Header, Param } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Public } from '#auth';
import { repositoryFile } from '../version.ts';
import { RouteNotFound } from './problem.ts';

const Code = z.strictObject({ code: z.string().max(100) });

/** Each error's page: what `type` in a problem leads to. */
@ApiTags('problems')
@Controller('problems')
export class ProblemsController {
  private readonly sections = sectionsOf(readFileSync(repositoryFile('docs/errors.md'), 'utf8'));

  @Get(':code')
  @Public()
  @Header('content-type', 'text/markdown; charset=utf-8')
  @ApiOperation({ summary: 'What an error means, and what to do about it' })
  @ApiOkResponse({ description: 'Its section of docs/errors.md', content: { 'text/markdown': {} } })
  get(@Param({ schema: Code }) { code }: z.infer<typeof Code>): string {
    const section = this.sections.get(code);
    if (section === undefined) throw new RouteNotFound();
    return section;
  }
}

/** The sections of docs/errors.md by their code, which is the heading. */
function sectionsOf(markdown: string): Map<string, string> {
  const sections = markdown.split(/^(?=### )/m).slice(1);
  return new Map(sections.map((section) => [/^### `?([a-z0-9-]+)/.exec(section)?.[1] ?? '', section.trim() + '\n']));
}
